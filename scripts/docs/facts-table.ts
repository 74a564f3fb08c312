import { factsOf, SERVICES } from '../../test/fixtures/contract/facts.ts';
import type { Fact, Side } from '../../test/fixtures/contract/facts.ts';
import { cell, table } from './markdown-table.ts';

const KINDS: Readonly<Record<string, string>> = {
  R: 'recorded',
  I: 'in public issues',
  S: 'specified',
  D: 'documented',
};

const side = ({ uncompared }: Fact, name: Side): string => cell(uncompared[name] ?? 'compared');

const row = (fact: Fact): readonly string[] => [
  cell(`\`${fact.name}\``),
  cell(fact.evidence),
  side(fact, 'action'),
  side(fact, 'sandbox'),
];

function counts(facts: readonly Fact[]): string {
  const kinds = Object.entries(KINDS).map(
    ([letter, words]) => `${facts.filter(({ evidence }) => evidence.startsWith(letter)).length} ${words}`,
  );
  const compared = (name: Side): number => facts.filter(({ uncompared }) => uncompared[name] === null).length;
  const neither = facts.filter(({ uncompared }) => uncompared.action !== null && uncompared.sandbox !== null).length;
  return `${facts.length} facts: ${kinds.join(', ')}. ${compared('action')} are compared with the action, ${compared('sandbox')} with the sandbox, ${neither} with neither.`;
}

/** The facts of the fixtures, their sources, and their comparisons. */
export function factsTable(): string {
  const sections = SERVICES.map((service) =>
    [`### ${service}`, '', table(['fact', 'evidence', 'action', 'sandbox'], factsOf(service).map(row))].join('\n'),
  );
  return [counts(SERVICES.flatMap(factsOf)), ...sections].join('\n\n');
}
