/** A case that our ops can't express; counted apart, with this reason. */
export class Unsupported extends Error {}
