/** Lists in inputs: one entry per line, separated by commas, or a JSON list. */
import { failed, ok, type Result } from '../../transfer/errors/index.ts';
import { parseBoundedJson } from '../../transfer/model/bounded-json.ts';

/** Length of a list in an input, UTF-16 code units. It is above the limit of the runner for an input. */
const MAX_LIST_LENGTH = 16 * 1024 * 1024;

/** Splits a list into its entries. An invalid JSON list has the entry null. */
export function splitList(text: string, separator: RegExp | string = /[\s,]+/): readonly unknown[] {
  if (!text.startsWith('[')) return text.split(separator).flatMap((line) => line.trim() || []);
  try {
    const list = parseBoundedJson(text, MAX_LIST_LENGTH);
    return Array.isArray(list) ? list : [list];
  } catch {
    return [null];
  }
}

/** A host name, with a port if it isn't 443. */
const HOST = /^[a-z\d](?:[a-z\d.-]{0,250}[a-z\d])?(?::\d{1,5})?$/i;

const hostList = (
  text: string,
  isValid: (host: string) => boolean,
  problem: string,
): Result<readonly string[], string> => {
  const hosts = splitList(text);
  const valid = hosts.length > 0 && hosts.every((host) => typeof host === 'string' && isValid(host));
  return valid ? ok(hosts as string[]) : failed(problem);
};

const FORM = 'one per line, separated by commas, or as a JSON list';

/** Parses login servers of registries. */
export const parseLoginServers = (text: string): Result<readonly string[], string> =>
  hostList(text, (host) => HOST.test(host), `use login servers, such as contoso.azurecr.io, ${FORM}`);

/** Parses hosts and domains (`*.contoso.com`). A domain needs two labels, so that it never stands for all hosts. */
export const parseAllowedHosts = (text: string): Result<readonly string[], string> =>
  hostList(
    text,
    (host) => HOST.test(host.replace(/^\*\./, '')) && (!host.startsWith('*.') || host.split('.').length > 2),
    `use hosts, such as blobs.contoso.com or *.contoso.com, ${FORM}`,
  );
