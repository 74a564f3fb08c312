/** What planning considers: every artifact that a line selects, or that belongs to one, on its way in or out. */
import type { Content } from '../services.ts';
import type { Artifact } from '../artifact.ts';
import type { Reference } from '../reference.ts';
import type { ReasonIn, ReasonOut } from './reason.ts';

/** An artifact that a line selects, before anybody has looked at it. */
export interface Picked {
  readonly reference: Reference;
  readonly digest: string;
  /** The line that selects it. */
  readonly where: string;
}

/** An artifact that is to travel. */
export interface Travelling extends Artifact {
  /** The line that selects it, or what it refers to. */
  readonly where: string;
  readonly reason: ReasonIn;
  /** What must go into the same batch has the same root: the selected artifact that it is, or refers to. */
  readonly root: string;
  readonly content: readonly Content[];
  /** Digests of layers that the service does not carry. */
  readonly foreign: readonly string[];
}

/** An artifact that stays. */
export interface Staying {
  readonly reference: Reference;
  /** At the source; of what is gone, at the far side. */
  readonly digest: string;
  /** Null when nobody looked. */
  readonly mediaType: string | null;
  /** Bytes; null when nobody looked. */
  readonly size: number | null;
  readonly where: string | null;
  readonly reason: ReasonOut;
}
