/** The selection language: parses, describes, and matches. */
export {
  chooseTags,
  excluderOf,
  matchesRepository,
  literalRepositories,
  needsCatalog,
  needsTimes,
  type Tag,
} from './choose-tags.ts';
export { describeSelection } from './describe.ts';
export { compileGlob } from './glob.ts';
export { parseSelection } from './parse.ts';
export { subjectOfTag } from './pattern.ts';
export { escapeInvisible } from './tokens.ts';
