import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { en, type Messages } from './en.ts';

export type Language = 'en' | 'zh';
/** `system` follows the browser's languages. */
export type LanguageChoice = Language | 'system';

interface LanguageState {
  readonly choice: LanguageChoice;
  readonly language: Language;
  readonly messages: Messages;
  /** What the engine says, which it says in English, in this language. */
  readonly translate: (text: string) => string;
}

const KEY = 'gradloom.language';

const asItIs = (text: string): string => text;

const languageStore = createStore<LanguageState>(() => ({
  choice: storedChoice(),
  language: 'en',
  messages: en,
  translate: asItIs,
}));

/** The words of the chosen language, for what is shown by React. */
export const useMessages = (): Messages => useStore(languageStore, (state) => state.messages);

/** The words of the chosen language as of now. */
export const messages = (): Messages => languageStore.getState().messages;

/** What the engine says, in the chosen language: names of categories, help, diagnostics, errors, names of edits. */
export const translate = (text: string): string => languageStore.getState().translate(text);

export const languageChoice = (): LanguageChoice => languageStore.getState().choice;

/** The chosen language, by its BCP 47 tag, for numbers and dates. */
export const locale = (): string => (languageStore.getState().language === 'zh' ? 'zh-CN' : 'en');

/** Changes when the language does: what is drawn under this key is drawn anew. */
export const useLanguage = (): Language => useStore(languageStore, (state) => state.language);

/** What a command is called; one that the catalogue does not name has its English label. */
export function commandLabel(id: string, label: string): string {
  const { labels, fromTemplate } = messages().commands;
  if (id.startsWith('template-')) return fromTemplate(translate(label.slice(label.indexOf(':') + 1).trim()));
  return labels[id] ?? label;
}

/** What a command does, where its label does not say all of it. */
export const commandHint = (id: string): string | undefined => messages().commands.hints[id];

/** What went wrong, in the chosen language. What browsers say themselves is in theirs. */
export const reasonOf = (error: unknown): string => translate(error instanceof Error ? error.message : String(error));

/** Changes the language and remembers it. */
export async function setLanguage(choice: LanguageChoice): Promise<void> {
  localStorage.setItem(KEY, choice);
  languageStore.setState({ choice });
  await showLanguage();
}

/** Fetches the words of the chosen language; English is there from the start. */
export async function showLanguage(): Promise<void> {
  const { choice } = languageStore.getState();
  const language = choice === 'system' ? languageOf(navigator.languages) : choice;
  if (language === 'zh') {
    const [{ zh }, { phrases }, { translator }] = await Promise.all([
      import('./zh.ts'),
      import('./zh/phrases.ts'),
      import('./phrases.ts'),
    ]);
    languageStore.setState({ language, messages: zh, translate: translator(phrases) });
  } else {
    languageStore.setState({ language, messages: en, translate: asItIs });
  }
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}

/** The first of the browser's languages that there is a catalogue for. */
export function languageOf(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

function storedChoice(): LanguageChoice {
  const stored = globalThis.localStorage?.getItem(KEY);
  return stored === 'en' || stored === 'zh' ? stored : 'system';
}
