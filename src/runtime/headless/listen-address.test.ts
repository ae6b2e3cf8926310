import { expect, it } from "vitest";
import { listenAddress } from "./listen-address.ts";

it.each([
  ["127.0.0.1:9464", "127.0.0.1", 9464],
  ["127.1.2.3:0", "127.1.2.3", 0],
  ["localhost:80", "localhost", 80],
  ["[::1]:65535", "::1", 65_535],
])("takes %s", (text, host, port) => {
  expect(listenAddress(text, false)).toEqual({ host, port });
});

it.each([
  "0.0.0.0:1",
  "[::]:1",
  "10.0.0.1:1",
  "127.example.com:1",
  "9464",
  ":1",
  "127.0.0.1",
  "127.0.0.1:65536",
  "::1:1",
])("refuses %s", (text) => {
  expect(() => listenAddress(text, false)).toThrow(/^The endpoints cannot be there: .*Give --listen a loopback/u);
});

it("takes all addresses of a pod, if they are asked for, and no other one", () => {
  expect(listenAddress("0.0.0.0:1", true)).toEqual({ host: "0.0.0.0", port: 1 });
  expect(listenAddress("[::]:1", true)).toEqual({ host: "::", port: 1 });
  expect(() => listenAddress("10.0.0.1:1", true)).toThrow(/not an address of this machine alone/u);
});
