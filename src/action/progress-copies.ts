import { formatCount, formatNumber, formatSeconds } from './format.ts';
import { movedBytes, openAccount, type Account, type Announced } from './progress-account.ts';
import { describeCopy, describeSum, type CopyProgress } from './progress-copy-text.ts';
import { openMeter, type Meter } from './progress-meter.ts';

/** Watches copies. Times in milliseconds since the epoch. */
export interface Copies extends Pick<Account, 'advance' | 'end' | 'ruleOut'> {
  readonly begin: (batch: number, now: number) => void;
  /** Lines about all copies and about each that is under way; measures, so it is called once an interval. */
  readonly lines: (announced: Announced, now: number) => readonly string[];
}

/** Copies that have a line of their own. */
const MOST_SHOWN = 8;

interface Watched {
  readonly meter: Meter;
  readonly since: number;
}

function copyText(progress: CopyProgress | null, { meter, since }: Watched, now: number): string {
  if (progress === null) return formatSeconds((now - since) / 1000);
  meter.look(movedBytes(progress), now);
  return describeCopy(progress, meter.rate());
}

/**
 * Begins to watch.
 * @param title of a batch's line
 */
export function watchCopies(title: (batch: number) => string): Copies {
  const account = openAccount();
  const watched = new Map<number, Watched>();
  let whole: Meter | null = null;

  const each = (now: number): readonly string[] => {
    const lines = [...watched].map(([batch, item]) => {
      const text = copyText(account.underway.get(batch) ?? null, item, now);
      return `    ${title(batch)}: ${text}`;
    });
    const rest = lines.length - MOST_SHOWN;
    return rest > 0 ? [...lines.slice(0, MOST_SHOWN), `    and ${rest} more`] : lines;
  };

  return {
    advance: account.advance,
    ruleOut: account.ruleOut,
    begin: (batch, now) => {
      whole ??= openMeter(account.moved(), now);
      watched.set(batch, { meter: openMeter(0, now), since: now });
      account.begin(batch);
    },
    end: (batch, isThere) => {
      watched.delete(batch);
      return account.end(batch, isThere);
    },
    lines: (announced, now) => {
      if (watched.size === 0) {
        // A pause between two copies belongs to neither.
        whole = null;
        return [];
      }
      whole?.look(account.moved(), now);
      const sum = describeSum(account.sum(announced), whole?.rate() ?? null);
      const blobs = `${formatNumber(account.arrived())} of ${formatCount(announced.batches, 'blob')} done`;
      return [`… handoff: ${sum}; ${blobs}`, ...each(now)];
    },
  };
}
