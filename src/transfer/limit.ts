/** Runs the work when its turn has come. */
export type Limit = <Result>(work: () => Promise<Result>) => Promise<Result>;
