package dev.slipway.e2e.world;

/// What a client asks first: which resources there are.
final class Discovery {
    static final String VERSION =
            """
            {"major":"1","minor":"32","gitVersion":"v1.32.0","platform":"linux/amd64"}
            """;

    static final String CORE_VERSIONS =
            """
            {"kind":"APIVersions","versions":["v1"],"serverAddressByClientCIDRs":[]}
            """;

    static final String CORE =
            """
            {"kind":"APIResourceList","groupVersion":"v1","resources":[
              {"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod",
               "verbs":["get","list","watch"],"shortNames":["po"]}]}
            """;

    static final String GROUPS =
            """
            {"kind":"APIGroupList","apiVersion":"v1","groups":[{"name":"apps",
              "versions":[{"groupVersion":"apps/v1","version":"v1"}],
              "preferredVersion":{"groupVersion":"apps/v1","version":"v1"}}]}
            """;

    static final String APPS =
            """
            {"kind":"APIResourceList","apiVersion":"v1","groupVersion":"apps/v1","resources":[
              {"name":"deployments","singularName":"deployment","namespaced":true,
               "kind":"Deployment","verbs":["get","list","patch","watch"],"shortNames":["deploy"]},
              {"name":"replicasets","singularName":"replicaset","namespaced":true,
               "kind":"ReplicaSet","verbs":["get","list","watch"],"shortNames":["rs"]}]}
            """;

    private Discovery() {}
}
