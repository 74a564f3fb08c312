/** Forms of the list of imported artifacts of a run. */

/**
 * The forms. According to the specification, the list contains strings. Its examples have `repository` and `repository@digest`.
 * No response of the service is known.
 */
export const LIST_FORMS = [
  /** `repository:tag`, or `repository@digest` for an artifact that was exported by digest. */
  'references',
  /** The same, without the tag `latest`, as in the specification's example. */
  'without-latest',
  /** `repository@digest` for all. */
  'digests',
  /** `repository:tag@digest` */
  'tags-and-digests',
  /** `digest` */
  'bare-digests',
  /** `references`, and `repository@digest` of the manifests below indexes. */
  'references-and-children',
  /** `repository@digest` of manifests, configs and layers. */
  'everything',
  /** `loginserver/repository:tag` */
  'login-server',
  /** `loginserver/repository@digest` */
  'login-server-digests',
  /** No member, `null`, `[]`. */
  'absent',
  'null',
  'empty',
] as const;

/** See {@link LIST_FORMS}. */
export type ListForm = (typeof LIST_FORMS)[number];
