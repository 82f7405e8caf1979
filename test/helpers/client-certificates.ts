/** A key and a certificate of a client. They protect nothing: only tests know them. */
export interface ClientCertificate {
  readonly key: string;
  readonly cert: string;
}

/** Certificates of two clients, by the name in them. */
export const clientCertificates: Readonly<Record<'ada' | 'bob', ClientCertificate>> = {
  ada: {
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1NcscIfsF5TsS/s2
kHuifrxeBUdJaIyjlMtRxS4CFCqhRANCAAQrv6UlSFCQiwmCobmk7MKLwk3/y9PM
G1guAE128XPBuYZyJTgAE83acS19iPB5ScIUPjFk11v8aUV7R5OgWHSA
-----END PRIVATE KEY-----
`,
    cert: `-----BEGIN CERTIFICATE-----
MIIBcjCCARmgAwIBAgIUSvqU/t3ULPD6yp/NQFHEQ/DQ3y8wCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDYWRhMCAXDTI2MTEyMzA2MTAxNVoYDzIxMjYxMDMwMDYxMDE1
WjAOMQwwCgYDVQQDDANhZGEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQrv6Ul
SFCQiwmCobmk7MKLwk3/y9PMG1guAE128XPBuYZyJTgAE83acS19iPB5ScIUPjFk
11v8aUV7R5OgWHSAo1MwUTAdBgNVHQ4EFgQUoMmfeoKyvb5Se6LCj2UdUssADTsw
HwYDVR0jBBgwFoAUoMmfeoKyvb5Se6LCj2UdUssADTswDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiA90wPiaVMcAc5V9W4wVAOp04yvscgtQjEAVzCf
/dpfMQIgTBK27m61eh5/qQL9JHh7EycEPL2f7Gj3mNu2lZOcooM=
-----END CERTIFICATE-----
`,
  },
  bob: {
    key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNv896vOT90W4PF3V
T2W/HOOJCn971NIBN8euKaAcpz+hRANCAATtIyYyraEpcDGnlFeM+8Ue4DV6sqir
e3kpj18XMKvmF+SXx9ugjh2dDuQRGytC534Exd5HD5eiNETs14tvRp3m
-----END PRIVATE KEY-----
`,
    cert: `-----BEGIN CERTIFICATE-----
MIIBczCCARmgAwIBAgIUJfgC94cXmYJdW2oZFccdZnwooVMwCgYIKoZIzj0EAwIw
DjEMMAoGA1UEAwwDYm9iMCAXDTI2MTEyMzA2MTAxNVoYDzIxMjYxMDMwMDYxMDE1
WjAOMQwwCgYDVQQDDANib2IwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATtIyYy
raEpcDGnlFeM+8Ue4DV6sqire3kpj18XMKvmF+SXx9ugjh2dDuQRGytC534Exd5H
D5eiNETs14tvRp3mo1MwUTAdBgNVHQ4EFgQUJbpkt7s78cHQ75bd4BS8n9V0wMAw
HwYDVR0jBBgwFoAUJbpkt7s78cHQ75bd4BS8n9V0wMAwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNIADBFAiEA+nM2uDRjwu7oaviyksTf2f8xR5A2rknCH87A
BKE/mkoCICzQp99UnHCREd+JXdMxEnxcAv3dUS1xjhAyAttlbfBU
-----END CERTIFICATE-----
`,
  },
};
