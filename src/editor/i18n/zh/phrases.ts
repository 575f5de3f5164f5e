import type { Phrases } from '../phrases.ts';

// Rule of this table: a file in this folder gives the sentences of one part of the engine as `export const phrases`, found
// by its place; there is no other list. A sentence stands once.
const modules = import.meta.glob<Phrases>(['./*.ts', '!./phrases.ts'], { eager: true, import: 'phrases' });

/** Every sentence of the engine in Simplified Chinese. */
export const phrases: Phrases = Object.assign({}, ...Object.values(modules));
