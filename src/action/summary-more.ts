import { code, ours, paragraph, type Block } from './blocks.ts';
import { formatCount } from './format.ts';

/**
 * What a list leaves out; nothing when it leaves nothing out.
 * @param rest how many
 * @param noun of one of them, where the list does not say what they are
 */
export function moreBlocks(rest: number, noun = ''): readonly Block[] {
  if (rest <= 0) return [];
  const what = formatCount(rest, `more${noun === '' ? '' : ` ${noun}`}`, `more${noun === '' ? '' : ` ${noun}s`}`);
  return [paragraph([ours(`… and ${what} in `), code('report.json'), ours('.')])];
}
