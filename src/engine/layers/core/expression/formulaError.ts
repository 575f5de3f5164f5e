/** What is wrong with a formula, and at which character of it (from 1). */
export class FormulaError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'FormulaError';
    this.column = column;
  }
}
