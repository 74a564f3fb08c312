import 'reflect-metadata';
import type { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const VALID_DAYS = 7;

/** A key and a certificate as PEM, as `node:https` needs them. */
export interface TlsIdentity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority in memory. */
export interface CertificateAuthority {
  /** The CA certificate, PEM. */
  readonly certificate: string;
  /** A server certificate for 127.0.0.1, ::1, 0.0.0.0 and localhost, signed by this CA. */
  readonly issueServer: (commonName: string) => Promise<TlsIdentity>;
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> => crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const validity = (): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(Date.now() - 60_000),
  notAfter: new Date(Date.now() + VALID_DAYS * 86_400_000),
});

async function keyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}

/**
 * Creates a CA. Each cloud has its own, so that a client that trusts one cloud rejects the other.
 * @param name common name of the CA
 */
export async function createAuthority(name: string): Promise<CertificateAuthority> {
  const caKeys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [name] }],
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });
  return {
    certificate: ca.toString('pem'),
    issueServer: async (commonName) => {
      const keys = await newKeys();
      const leaf = await x509.X509CertificateGenerator.create({
        subject: [{ CN: [commonName] }],
        issuer: ca.subject,
        ...validity(),
        signingAlgorithm: ALGORITHM,
        publicKey: keys.publicKey,
        signingKey: caKeys.privateKey,
        extensions: [
          new x509.SubjectAlternativeNameExtension([
            { type: 'ip', value: '127.0.0.1' },
            { type: 'ip', value: '::1' },
            // Also the loopback interface, under an address that clients don't exclude from a proxy by default.
            { type: 'ip', value: '0.0.0.0' },
            { type: 'dns', value: 'localhost' },
          ]),
          new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
          await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
        ],
      });
      return { cert: leaf.toString('pem'), key: await keyPem(keys) };
    },
  };
}
