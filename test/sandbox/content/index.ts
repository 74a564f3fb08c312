/** Content for the registries of the sandbox: builders of artifacts, and a client that pushes them over the registry API. */
export { assemble, assembleIndex, manifestsOf, sizeOf } from './artifact.ts';
export type { Artifact, Format, ImageParts, PlatformImage, Subject } from './artifact.ts';
export { describeBlob, jsonBlob } from './blob.ts';
export type { Blob, BlobDescriptor } from './blob.ts';
export { helmChart } from './chart.ts';
export { fileImage, image, multiArchImage } from './image.ts';
export type { ImageRequest } from './image.ts';
export { writeLayout } from './layout.ts';
export { connect } from './connection.ts';
export type { Connection } from './connection.ts';
export { exchangedTokens, registryLogin } from './login.ts';
export type { AccessTokens, Exchange, SignIn } from './login.ts';
export { connectRegistry, pushClient } from './push.ts';
export type { PushClient, Pushed, PushOptions } from './push.ts';
export { SBOM_TYPE, SIGNATURE_TYPE, sbom, signature, signatureTag, taggedSignature } from './referrer.ts';
