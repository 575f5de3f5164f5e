/** Stable ids of what can go wrong in the engine; the editor maps them to help. */
export type EngineErrorId =
  | 'shape-mismatch'
  | 'out-of-memory'
  | 'device-lost'
  | 'unsupported'
  | 'bad-data'
  | 'bad-document'
  | 'bad-option'
  | 'not-finite'
  | 'not-exact'
  | 'unknown-layer'
  | 'unconnected';

/** An error that says what was given, what was expected, where, and what to do. */
export class EngineError extends Error {
  readonly id: EngineErrorId;
  /** Canvas node, op or file it is about. */
  readonly where: string | undefined;

  constructor(id: EngineErrorId, message: string, where?: string) {
    super(message);
    this.name = 'EngineError';
    this.id = id;
    this.where = where;
  }
}
