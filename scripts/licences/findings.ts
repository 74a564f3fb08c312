import type { Component } from './component.ts';

/** Licences that ask for no more than that they are handed on, which the page does. Another one is for people to decide about. */
export const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'] as const;

const allowed = new Set<string>(ALLOWED);

/** What keeps a component out of the bundle, one line each. */
export const licenceFindings = (components: readonly Component[]): readonly string[] =>
  components.flatMap(({ name, version, licence, text }) => {
    const found = `${name} ${version}`.trim();
    if (licence === '') return [`${found} does not say its licence`];
    if (!allowed.has(licence)) return [`${found} is under ${licence}; allowed are ${ALLOWED.join(', ')}`];
    return text === '' ? [`${found} is under ${licence}, and its text is not to be found`] : [];
  });
