import type { Component } from './component.ts';

/** Licenses that only require their own distribution, which the page does. Any other license needs a decision. */
export const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'] as const;

const allowed = new Set<string>(ALLOWED);

/** Components whose license isn't allowed or is missing, one line each. */
export const licenseFindings = (components: readonly Component[]): readonly string[] =>
  components.flatMap(({ name, version, license, text }) => {
    const found = `${name} ${version}`.trim();
    if (license === '') return [`${found} does not say its license`];
    if (!allowed.has(license)) return [`${found} is under ${license}; allowed are ${ALLOWED.join(', ')}`];
    return text === '' ? [`${found} is under ${license}, and its text is not to be found`] : [];
  });
