/** How Spika wraps what it grants. */
export function success(data: object): object {
  return { status: "success", data };
}

/** A refusal as Spika words it. */
export class SpikaError extends Error {
  override readonly name = "SpikaError";
  readonly status: number;
  /** Some are said in a word, without JSON. */
  readonly isPlain: boolean;

  constructor(status: number, message: string, isPlain = false) {
    super(message);
    this.status = status;
    this.isPlain = isPlain;
  }
}
