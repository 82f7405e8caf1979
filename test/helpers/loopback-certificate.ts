/** A key and a self-signed certificate for 127.0.0.1 and localhost. They protect nothing: only tests trust them. */
export const loopbackCertificate: { readonly key: string; readonly cert: string } = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyRJowNAJrRC39AIw
17AJvvEQntXH3l4pudHpHPnIPTmhRANCAAQW5hiinoPTwAlS9Ur6bKAKiEVXA2M4
+Tij9h8RuZxjOd/AHqUtPGMUwyYsVEZnDSwi8TmXjwU4Cfou4boxeQCE
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUKiNttuezvRn93+X11+F/F4dNk1wwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjEwMTk1NloYDzIxMjYxMDI5
MTAxOTU2WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQW5hiinoPTwAlS9Ur6bKAKiEVXA2M4+Tij9h8RuZxjOd/AHqUtPGMU
wyYsVEZnDSwi8TmXjwU4Cfou4boxeQCEo28wbTAdBgNVHQ4EFgQU+s90u1sXtnVx
8wDX0Gn8zxHPxO4wHwYDVR0jBBgwFoAU+s90u1sXtnVx8wDX0Gn8zxHPxO4wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARhwR/AAABgglsb2NhbGhvc3QwCgYIKoZI
zj0EAwIDSAAwRQIgFhmDrJ1XK703bJoKl1gk+BlamFEy4IJOdkfR3buYvbMCIQC+
VycvEooSF+VG6AgrK+U0Z5VVPmyewZuqPBpi/wvadw==
-----END CERTIFICATE-----
`,
};
