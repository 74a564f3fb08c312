/** The inputs that say how transfer blobs are carried, and between which places. */
import type { Parsed } from '../../transfer/errors/index.ts';
import { parseSize } from '../../transfer/model/bytes.ts';
import type { PipelineId } from '../../transfer/model/pipeline-id.ts';
import type { HandoffLocation, HandoffPart, MovingRequest } from '../../transfer/model/request.ts';
import type { Side } from '../../transfer/model/side.ts';
import type { InputReader } from './reader.ts';
import { isDirectory, readContainer } from './side.ts';

const METHODS = ['auto', 'server', 'stream'] as const;

/** Tiers from which a blob can be read at once; an import could not read one from Archive. */
const TIERS = ['Hot', 'Cool', 'Cold', 'source'];

function parseTier(text: string): Parsed<string> {
  const tier = TIERS.find((name) => name.toLowerCase() === text.toLowerCase());
  return tier === undefined
    ? {
        problem:
          'use Hot, Cool, Cold, or source for the tier that the blob has there; imports cannot read from Archive',
      }
    : { value: tier };
}

/** A lower limit is most likely meant in another unit; a block of 256 KiB takes 16 s with it. */
const MIN_BANDWIDTH = 16 * 1024;

function parseBandwidth(text: string): Parsed<number> {
  const size = parseSize(text.replace(/\/\s*s$/i, '').trimEnd());
  if ('value' in size && size.value >= MIN_BANDWIDTH) return size;
  return { problem: 'use bytes a second, such as 20MB, 2MiB or 500KB; at least 16KiB' };
}

/** Reads how blobs are carried. */
export const readHandoffPart = (reader: InputReader, maxBlobBytes: number | null): HandoffPart => ({
  method: reader.choice('handoff-method', METHODS) ?? 'auto',
  overwrite: reader.flag('overwrite'),
  tier: reader.parsed('access-tier', parseTier),
  bandwidth: reader.parsed('max-bandwidth', parseBandwidth),
  maxBlobBytes,
});

/** Reads an end of a handoff: a container, by its URI or its pipeline, or a directory. */
export function readLocation(side: Side, pipeline: PipelineId | null, reader: InputReader): HandoffLocation {
  const path = reader.text(`${side}-container`);
  return path !== null && isDirectory(path)
    ? { kind: 'directory', path }
    : readContainer(side, pipeline, false, reader);
}

/** Reports what cannot be done with a directory. */
export function checkDirectories(
  source: HandoffLocation,
  target: HandoffLocation,
  { method, tier }: HandoffPart,
  intake: 'manifest' | 'blobs',
  reader: InputReader,
): void {
  const ends = { source: source.kind === 'directory', target: target.kind === 'directory' };
  if (ends.source && ends.target) {
    reader.report('target-container', 'is a directory like source-container: one of the two must be a container');
  }
  if (!ends.source && !ends.target) return;
  if (method === 'server') reader.report('handoff-method', 'server needs two containers, and one end is a directory');
  if (intake === 'blobs') {
    reader.report('blobs', 'a directory needs the manifest, in which properties and metadata travel: give manifest');
  }
  if (ends.target && tier !== null) reader.report('access-tier', 'a directory has no access tier');
  for (const side of ['source', 'target'] as const) {
    if (ends[side] && reader.text(`${side}-sas`) !== null) reader.report(`${side}-sas`, 'is not for a directory');
  }
}

/** Modes that hand off. */
export const HANDOFF_MODES: readonly MovingRequest['mode'][] = ['handoff', 'full'];
