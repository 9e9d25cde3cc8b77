using Ungroup.Benchmarks.Processes;
using Ungroup.Ecs;

namespace Ungroup.Benchmarks.Calls;

/// <summary>The bytes of a signed call with HttpClient, without signing: what the protocol costs whoever speaks it.</summary>
internal sealed class UnsignedPost : IDisposable
{
    private readonly HttpClient http = new();
    private readonly Uri url;
    private readonly List<KeyValuePair<string, string>> headers;

    public UnsignedPost(Uri endpoint)
    {
        url = new($"{endpoint}?InstanceId={BenchmarkWorld.Instance(0)}&RegionId={BenchmarkWorld.Region}&SecurityGroupId={BenchmarkWorld.Group}");
        headers = SignedHeaders.Of(
            "LeaveSecurityGroup", endpoint.Authority, "2026-01-01T00:00:00Z", new string('0', 32), "static_ak",
            new(BenchmarkWorld.KeyId, BenchmarkWorld.Secret));
        headers.Add(new("authorization", $"ACS3-HMAC-SHA256 Credential={BenchmarkWorld.KeyId},SignedHeaders={string.Join(';', headers.Select(header => header.Key))},Signature={Acs3Signature.EmptyBody}"));
        headers.Add(new("accept", "application/json"));
        headers.Add(new("user-agent", "Ungroup/0.1.0"));
    }

    public async Task CallAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request);
        _ = await response.Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => http.Dispose();
}
