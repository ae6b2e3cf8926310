/** A Kubernetes quantity that is not negative. */
export const quantityPattern = /^\+?(?:\d+(?:\.\d*)?|\.\d+)(?:n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d{1,3})?$/u;
export const quantityRule = 'must be a Kubernetes quantity such as "500m" or "1Gi"';

/** What a container runtime takes for the name of an image: registry, path, tag and digest. */
export const imagePattern =
  /^(?=[^]{1,512}$)(?:[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@[A-Za-z][\w.+-]*:[0-9a-fA-F]{32,})?$/u;
export const imageRule = 'must be the name of an image such as "registry.example.com/agent:1"';

/** What a namespace may be called. */
export const namespacePattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;
export const namespaceRule = "must be a Kubernetes name: at most 63 lower case letters, digits and -";
