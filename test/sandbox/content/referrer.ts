import { assemble } from './artifact.ts';
import type { Artifact } from './artifact.ts';
import { blobOf, jsonBlob, seededBytes } from './blob.ts';

/** The empty config of an artifact that needs none (OCI image spec 1.1, "Guidance for an Empty Descriptor"). */
const emptyConfig = blobOf('application/vnd.oci.empty.v1+json', Buffer.from('{}'));

/** The artifact types of the referrers below. */
export const SIGNATURE_TYPE = 'application/vnd.dev.cosign.artifact.sig.v1+json';
/** SPDX in JSON. */
export const SBOM_TYPE = 'application/spdx+json';

/**
 * A signature in the form that cosign gives it as a referrer: the payload that names the subject's digest, and a signature over it. The
 * signature is bytes of the right shape that no key vouches for.
 * @param reference where the subject stands, `team/app`
 */
export function signature(subject: Artifact, reference: string): Artifact {
  const payload = {
    critical: {
      identity: { 'docker-reference': reference },
      image: { 'docker-manifest-digest': subject.manifest.digest },
      type: 'cosign container image signature',
    },
    optional: null,
  };
  return assemble({
    artifactType: SIGNATURE_TYPE,
    config: emptyConfig,
    layers: [jsonBlob('application/vnd.dev.cosign.simplesigning.v1+json', payload)],
    subject,
    annotations: { 'dev.cosignproject.cosign/signature': seededBytes(subject.manifest.digest, 71).toString('base64') },
  });
}

/** A bill of materials that describes the subject. */
export function sbom(subject: Artifact, name: string): Artifact {
  const document = {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name,
    documentNamespace: `https://spdx.example/${name}/${subject.manifest.digest}`,
    creationInfo: { created: '1970-01-01T00:00:00Z', creators: ['Tool: acr-transfer content kit'] },
    packages: [{ SPDXID: 'SPDXRef-Package', name, downloadLocation: 'NOASSERTION' }],
  };
  const config = emptyConfig;
  return assemble({ artifactType: SBOM_TYPE, config, layers: [jsonBlob(SBOM_TYPE, document)], subject });
}
