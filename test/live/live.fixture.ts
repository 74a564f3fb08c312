import { afterAll, beforeAll, describe } from '@jest/globals';
import { openLivePlace, type LivePlace } from './place.ts';
import { readLiveSettings } from './settings.ts';

/**
 * Cases that need real clouds. They are skipped without settings, and fail at once with wrong settings.
 * @param cases are given the place of their file, which opens before the first of them
 */
export function describeLive(title: string, cases: (place: () => LivePlace) => void): void {
  const reading = readLiveSettings(process.env);
  const describeIf = reading.kind === 'absent' ? describe.skip : describe;
  describeIf(title, () => {
    let opened: LivePlace | null = null;
    beforeAll(async () => {
      if (reading.kind !== 'ready') throw new Error(reading.lines.join('\n'));
      opened = await openLivePlace(reading.settings);
    });
    // Deletes what was created, also after failed cases.
    afterAll(async () => {
      await opened?.close();
    });
    cases(() => {
      if (opened === null) throw new Error('no place has been opened');
      return opened;
    });
  });
}
