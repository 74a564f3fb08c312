/** The secrets of a vault, with their versions. Deleted secrets can be recovered. */
import { randomUUID } from 'node:crypto';
import type { SecretOrder } from './description.ts';

/** Seconds since 1970. */
export const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1000);

/** One version of a secret. */
export interface SecretVersion {
  readonly version: string;
  readonly value: string;
  /** Seconds since 1970. */
  readonly created: number;
  readonly expires: number | undefined;
  readonly notBefore: number | undefined;
  readonly enabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
}

/** A stored secret. */
export interface SecretStore {
  readonly names: () => readonly string[];
  readonly find: (name: string, version: string) => SecretVersion | undefined;
  readonly add: (name: string, version: Omit<SecretVersion, 'version' | 'created'>) => SecretVersion;
  readonly change: (order: SecretOrder) => void;
  /** Removes a secret without a trace. */
  readonly remove: (name: string) => void;
  /** Deletes a secret softly; undefined if it doesn't exist. */
  readonly put: (name: string) => SecretVersion | undefined;
  readonly deleted: (name: string) => SecretVersion | undefined;
  readonly recover: (name: string) => SecretVersion | undefined;
}

const momentOf = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : seconds(new Date(text));

/** Starts without secrets. */
export function createSecrets(): SecretStore {
  const secrets = new Map<string, readonly SecretVersion[]>();
  const bin = new Map<string, readonly SecretVersion[]>();
  const versionsOf = (name: string): readonly SecretVersion[] => secrets.get(name.toLowerCase()) ?? [];
  const move = (from: typeof bin, to: typeof bin, name: string): SecretVersion | undefined => {
    const versions = from.get(name.toLowerCase());
    if (versions === undefined) return undefined;
    from.delete(name.toLowerCase());
    to.set(name.toLowerCase(), versions);
    return versions.at(-1);
  };
  const add: SecretStore['add'] = (name, rest) => {
    const version = { ...rest, version: randomUUID().replaceAll('-', ''), created: seconds(new Date()) };
    secrets.set(name.toLowerCase(), [...versionsOf(name), version]);
    return version;
  };
  return {
    names: () => [...secrets.keys()],
    find: (name, version) =>
      version === '' ? versionsOf(name).at(-1) : versionsOf(name).find((candidate) => candidate.version === version),
    add,
    change: ({ name, value, enabled = true, expires, notBefore }) => {
      const before = versionsOf(name).at(-1);
      add(name, {
        value: value ?? before?.value ?? '',
        expires: momentOf(expires),
        notBefore: momentOf(notBefore),
        enabled,
        tags: before?.tags ?? {},
        contentType: undefined,
      });
    },
    remove: (name) => {
      secrets.delete(name.toLowerCase());
    },
    put: (name) => move(secrets, bin, name),
    deleted: (name) => bin.get(name.toLowerCase())?.at(-1),
    recover: (name) => move(bin, secrets, name),
  };
}
