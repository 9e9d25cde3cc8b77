using System.Runtime.InteropServices;
using System.Text.Json;
using Ungroup.Ecs;
using Ungroup.Ecs.Wire;

namespace Ungroup.Tests.Ecs.Wire;

public sealed class SignatureTests
{
    private static readonly JsonElement Vectors = JsonDocument.Parse(File.ReadAllBytes("Data/ecs-signature-vectors.json")).RootElement.GetProperty("vectors");

    public static TheoryData<string> V3 => Names("ACS3-HMAC-SHA256");

    public static TheoryData<string> V1 => Names("HMAC-SHA1");

    [Theory]
    [MemberData(nameof(V3))]
    public void Every_V3_vector_is_reproduced_by_the_signer(string name)
    {
        var vector = Vector(name);
        var request = vector.GetProperty("request");
        var signed = Pairs(request.GetProperty("signedHeaders")).ToDictionary();

        var headers = Acs3Signature.HeadersOf(
            signed["x-acs-action"],
            signed["host"],
            signed["x-acs-date"],
            signed["x-acs-signature-nonce"],
            signed.GetValueOrDefault("x-acs-credentials-provider"),
            CredentialsOf(vector));

        Assert.Equal(signed.OrderBy(header => header.Key, StringComparer.Ordinal), headers);
        Assert.Equal(
            vector.GetProperty("authorization").GetString(),
            Acs3Signature.Authorization(CredentialsOf(vector), "POST", CanonicalQuery.Of(Pairs(request.GetProperty("query"))), headers));
    }

    [Theory]
    [MemberData(nameof(V3))]
    public void Every_V3_vector_of_the_official_client_is_what_the_client_sends(string name)
    {
        var vector = Vector(name);
        var request = vector.GetProperty("request");
        var signed = Pairs(request.GetProperty("signedHeaders")).ToDictionary();
        if (!signed.ContainsKey("x-acs-credentials-provider"))
        {
            return; // A published sample: it was made by hand, not by a client that names its provider.
        }

        var (id, secret, token) = CredentialsOf(vector);
        var bench = new EcsBench { Nonce = () => signed["x-acs-signature-nonce"] };
        bench.Accounts.Accounts["default"] = new()
        {
            Credentials = CredentialsSource.Static,
            AccessKeyId = id,
            AccessKeySecret = secret,
            SecurityToken = token,
            Endpoint = signed["host"],
        };
        bench.Ecs.On(signed["x-acs-action"], Replies.Ok);

        bench.Send(new("default", "cn-hangzhou", signed["x-acs-action"], [.. Pairs(request.GetProperty("query"))]));

        var sent = Assert.Single(bench.Ecs.Calls);
        Assert.Equal("POST", sent.Method);
        Assert.Equal(Sorted(vector.GetProperty("wireTarget").GetString()!), Sorted(sent.Url.PathAndQuery));
        Assert.Equal(vector.GetProperty("authorization").GetString(), sent.Headers["authorization"]);
        Assert.All(signed, header => Assert.Equal(header.Value, sent.Headers[header.Key]));
        Assert.Equal(signed.Count, sent.Headers.Keys.Count(key => key is "host" or "Host" || key.StartsWith("x-acs-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Hard_characters_are_encoded_as_they_are_signed() => Assert.Equal(
        "InstanceName=%E9%9A%94%E7%A6%BB%20a%2Bb%2Ac~d%27%28%21%29%2F%3D%26%252F%C3%A9%F0%9F%98%80&PageNumber=1",
        CanonicalQuery.Of([new("PageNumber", "1"), new("InstanceName", "隔离 a+b*c~d'(!)/=&%2Fé😀")]));

    [Theory]
    [MemberData(nameof(V1))]
    public void Every_V1_vector_is_reproduced_by_the_signer(string name)
    {
        var vector = Vector(name);
        var request = vector.GetProperty("request");
        var parameters = Pairs(request.GetProperty("parameters")).ToList();

        Assert.Equal(vector.GetProperty("canonicalQuery").GetString(), CanonicalQuery.Of(parameters));
        Assert.Equal(
            vector.GetProperty("signature").GetString(),
            RpcSignature.Of(request.GetProperty("method").GetString()!, parameters, CredentialsOf(vector).AccessKeySecret));
    }

    // The official client sends its parameters in the order it was given them.
    private static IEnumerable<string> Sorted(string target) => target.Split('?', '&').Order(StringComparer.Ordinal);

    private static TheoryData<string> Names(string scheme) =>
        [.. Vectors.EnumerateArray().Where(vector => vector.GetProperty("scheme").GetString() == scheme).Select(vector => vector.GetProperty("name").GetString()!)];

    private static JsonElement Vector(string name) => Vectors.EnumerateArray().Single(vector => vector.GetProperty("name").GetString() == name);

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement element) =>
        element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, property.Value.GetString()!));

    private static AccessKey CredentialsOf(JsonElement vector)
    {
        var given = vector.GetProperty("credentials");
        return new(
            given.GetProperty("accessKeyId").GetString()!,
            given.GetProperty("accessKeySecret").GetString()!,
            given.TryGetProperty("securityToken", out var token) ? token.GetString() : null);
    }
}
