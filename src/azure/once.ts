/** Does it when it is first asked for, and once, whatever comes of it: a refusal is kept too. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let asked: Promise<Result> | undefined;
  return () => (asked ??= work());
}

/** Does it when it is first asked for, and once; again when it has failed. */
export function onceDone<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let asked: Promise<Result> | undefined;
  return () => {
    asked ??= work().catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}
