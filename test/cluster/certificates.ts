import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runCommand } from "../machine/run-command.ts";

/** The cluster's key material: for each name there are NAME.crt and NAME.key in `folder`. */
export interface Certificates {
  readonly folder: string;
  /** A kubeconfig, as JSON, for the holder of the certificate `name`. */
  kubeconfig(name: string, server: string): Promise<string>;
}

/** Makes a certificate authority and a certificate for each part of the cluster (kubernetes.io, "PKI certificates"). */
export async function makeCertificates(
  folder: string,
  addresses: { readonly node: string; readonly nodeName: string; readonly service: string },
): Promise<Certificates> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (file: string): string => join(folder, file);
  const key = (name: string): Promise<unknown> =>
    runCommand("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path(`${name}.key`)]);

  await key("ca");
  await runCommand("openssl", [
    "req",
    "-x509",
    "-new",
    "-key",
    path("ca.key"),
    "-days",
    "365",
    "-subj",
    "/CN=gascity-test-ca",
    "-out",
    path("ca.crt"),
  ]);
  // Service account tokens are signed with RSA by every client library.
  await runCommand("openssl", ["genrsa", "-out", path("service-account.key"), "2048"]);

  const issue = async (name: string, subject: string, names: readonly string[] = []): Promise<void> => {
    const extensions = [
      "extendedKeyUsage=clientAuth,serverAuth",
      ...(names.length > 0 ? [`subjectAltName=${names.join(",")}`] : []),
    ];
    await writeFile(path(`${name}.ext`), `${extensions.join("\n")}\n`);
    await key(name);
    await runCommand("openssl", [
      "req",
      "-new",
      "-key",
      path(`${name}.key`),
      "-subj",
      subject,
      "-out",
      path(`${name}.csr`),
    ]);
    await runCommand("openssl", [
      "x509",
      "-req",
      "-in",
      path(`${name}.csr`),
      "-CA",
      path("ca.crt"),
      "-CAkey",
      path("ca.key"),
      "-CAserial",
      path(`${name}.srl`),
      "-CAcreateserial",
      "-days",
      "365",
      "-extfile",
      path(`${name}.ext`),
      "-out",
      path(`${name}.crt`),
    ]);
  };
  await Promise.all([
    issue("apiserver", "/CN=kube-apiserver", [
      "DNS:kubernetes",
      "DNS:kubernetes.default",
      "DNS:kubernetes.default.svc",
      "DNS:localhost",
      "IP:127.0.0.1",
      `IP:${addresses.service}`,
      `IP:${addresses.node}`,
    ]),
    issue("apiserver-kubelet", "/O=system:masters/CN=apiserver-kubelet"),
    issue("kubelet", `/O=system:nodes/CN=system:node:${addresses.nodeName}`, [
      `DNS:${addresses.nodeName}`,
      `IP:${addresses.node}`,
    ]),
    issue("controller-manager", "/CN=system:kube-controller-manager"),
    issue("scheduler", "/CN=system:kube-scheduler"),
    issue("proxy", "/CN=system:kube-proxy"),
    issue("admin", "/O=system:masters/CN=admin"),
  ]);
  return {
    folder,
    async kubeconfig(name, server) {
      const data = async (file: string): Promise<string> => (await readFile(path(file))).toString("base64");
      return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        clusters: [{ name: "gascity-test", cluster: { server, "certificate-authority-data": await data("ca.crt") } }],
        users: [
          {
            name,
            user: {
              "client-certificate-data": await data(`${name}.crt`),
              "client-key-data": await data(`${name}.key`),
            },
          },
        ],
        contexts: [{ name: "gascity-test", context: { cluster: "gascity-test", user: name } }],
        "current-context": "gascity-test",
      });
    },
  };
}
