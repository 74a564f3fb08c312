/** Inputs of the handoff: how transfer blobs are copied, and between which locations. */
import { failed, ok, type Result } from '../../transfer/errors/index.ts';
import { parseSize } from '../../transfer/model/bytes.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { HandoffLocation, HandoffPart, MovingRequest } from '../../transfer/model/request.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { InputReader } from './reader.ts';
import { isDirectory, readContainer } from './side.ts';

const METHODS = ['auto', 'server', 'stream'] as const;

/** Tiers whose blobs can be read immediately. An import can't read a blob from Archive. */
const TIERS = ['Hot', 'Cool', 'Cold', 'source'];

function parseTier(text: string): Result<string, string> {
  const tier = TIERS.find((name) => name.toLowerCase() === text.toLowerCase());
  return tier === undefined
    ? failed("use Hot, Cool, Cold, or source (the tier of the source blob); imports can't read from Archive")
    : ok(tier);
}

/** Bytes a second. A lower limit is most likely a wrong unit. At this rate a block of 256 KiB takes 16 s. */
const MIN_BANDWIDTH = 16 * 1024;

function parseBandwidth(text: string): Result<number, string> {
  const size = parseSize(text.replace(/\/\s*s$/i, '').trimEnd());
  if (size.ok && size.value >= MIN_BANDWIDTH) return size;
  return failed('use bytes per second, such as 20MB, 2MiB or 500KB; at least 16KiB');
}

/** Reads how blobs are copied. */
export const readHandoffPart = (reader: InputReader, maxBlobBytes: number | null): HandoffPart => ({
  method: reader.choice('handoff-method', METHODS) ?? 'auto',
  overwrite: reader.flag('overwrite'),
  tier: reader.parsed('access-tier', parseTier),
  bandwidth: reader.parsed('max-bandwidth', parseBandwidth),
  maxBlobBytes,
});

/** Reads the source or target of a handoff: a container (by its URI or its pipeline), or a directory. */
export function readLocation(side: Side, pipeline: PipelineId | null, reader: InputReader): HandoffLocation {
  const path = reader.text(`${side}-container`);
  return path !== null && isDirectory(path)
    ? { kind: 'directory', path }
    : readContainer(side, pipeline, false, reader);
}

/** Reports inputs that don't work with a directory. */
export function checkDirectories(
  source: HandoffLocation,
  target: HandoffLocation,
  { method, tier }: HandoffPart,
  intake: 'manifest' | 'blobs',
  reader: InputReader,
): void {
  const directories = { source: source.kind === 'directory', target: target.kind === 'directory' };
  if (directories.source && directories.target) {
    reader.report('target-container', 'is a directory, and so is source-container: one of the two must be a container');
  }
  if (!directories.source && !directories.target) return;
  if (method === 'server')
    reader.report('handoff-method', 'server needs two containers, and one of the two is a directory');
  if (intake === 'blobs') {
    reader.report(
      'blobs',
      'a directory needs the manifest, which contains the properties and metadata of blobs: set manifest',
    );
  }
  if (directories.target && tier !== null) reader.report('access-tier', 'a directory has no access tier');
  for (const side of ['source', 'target'] as const) {
    if (directories[side] && reader.text(`${side}-sas`) !== null)
      reader.report(`${side}-sas`, 'has no effect on a directory');
  }
}

/** Modes with a handoff. */
export const HANDOFF_MODES: readonly MovingRequest['mode'][] = ['handoff', 'full'];
