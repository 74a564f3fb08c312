const COMPANION = /^sha256-(?<hex>[a-f0-9]{64})(?:\.(?:sig|att|sbom))?$/;

/**
 * The digest of the artifact that a companion's tag belongs to; null for every other tag. Companions are what travels with its
 * subject: `sha256-<hex>.sig`, `.att` and `.sbom` hold cosign's signatures, attestations and SBOMs (sigstore/cosign,
 * specs/SIGNATURE_SPEC.md, "Tag-based Discovery"; ATTESTATION_SPEC.md; SBOM_SPEC.md), and `sha256-<hex>` lists the referrers
 * where a registry has no referrers API (OCI distribution specification 1.1, "Referrers Tag Schema").
 */
export function subjectOfTag(tag: string): string | null {
  const hex = COMPANION.exec(tag)?.groups?.['hex'];
  return hex === undefined ? null : `sha256:${hex}`;
}
