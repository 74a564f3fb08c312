import type { Hashing } from '../hashing.ts';
import type { Limit } from '../limit.ts';
import type { HandoffPart } from '../request.ts';
import type { Clock } from '../services.ts';
import { paceOf, type Pace } from './bandwidth.ts';
import { blockMemory, type BlockMemory } from './block-memory.ts';
import { openFlow, type Flow } from './flow.ts';
import { gradually } from './gradually.ts';
import { openReach, type Reach } from './reach.ts';

/** What all handoffs of one transfer share. */
export interface Crossing extends HandoffPart {
  /** For looks at both ends of a blob. */
  readonly looks: Limit;
  readonly flow: Flow;
  readonly pace: Pace;
  readonly reach: Reach;
  readonly hashing: Hashing;
  readonly memory: BlockMemory;
}

/** Opens the way for the handoffs of one transfer. */
export const openCrossing = (part: HandoffPart, hashing: Hashing, clock: Clock): Crossing => ({
  ...part,
  looks: gradually(),
  flow: openFlow(clock),
  pace: paceOf(part.bandwidth, clock),
  reach: openReach(),
  hashing,
  memory: blockMemory(hashing),
});
