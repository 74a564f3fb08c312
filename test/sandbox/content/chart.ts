import { gzipSync } from 'node:zlib';
import { tarOf } from './archive.ts';
import { assemble } from './artifact.ts';
import type { Artifact } from './artifact.ts';
import { blobOf, jsonBlob } from './blob.ts';

/**
 * A Helm chart in the form of `helm push`: its metadata is the config, and the packed chart is the only layer (helm.sh, "Use
 * OCI-based registries").
 * @param version semantic version, which is usually also its tag
 */
export async function helmChart(name: string, version: string): Promise<Artifact> {
  const metadata = { apiVersion: 'v2', name, version, description: `The ${name} chart`, type: 'application' };
  const yaml = Object.entries(metadata).map(([key, value]) => `${key}: ${value}\n`);
  const service = `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: 80\n`;
  const tar = await tarOf([
    { name: `${name}/Chart.yaml`, content: Buffer.from(yaml.join('')) },
    { name: `${name}/values.yaml`, content: Buffer.from('replicas: 1\n') },
    { name: `${name}/templates/service.yaml`, content: Buffer.from(service) },
  ]);
  return assemble({
    config: jsonBlob('application/vnd.cncf.helm.config.v1+json', metadata),
    layers: [blobOf('application/vnd.cncf.helm.chart.content.v1.tar+gzip', gzipSync(tar))],
    annotations: { 'org.opencontainers.image.title': name, 'org.opencontainers.image.version': version },
  });
}
