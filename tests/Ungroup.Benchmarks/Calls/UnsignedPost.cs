using Ungroup.Benchmarks.Processes;
using Ungroup.Ecs.Wire;

namespace Ungroup.Benchmarks.Calls;

/// <summary>The bytes of a signed call with HttpClient, without signing: what the protocol costs whoever speaks it.</summary>
internal sealed class UnsignedPost : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly Uri _url;
    private readonly List<KeyValuePair<string, string>> _headers;

    public UnsignedPost(Uri endpoint)
    {
        var instance = BenchmarkWorld.Instance(0);
        _url = new($"{endpoint}?InstanceId={instance}&RegionId={BenchmarkWorld.Region}&SecurityGroupId={BenchmarkWorld.Group}");
        _headers = Acs3Signature.HeadersOf(
            "LeaveSecurityGroup", endpoint.Authority, "2026-01-01T00:00:00Z", new string('0', 32), "static_ak",
            new(BenchmarkWorld.KeyId, BenchmarkWorld.Secret));
        var names = string.Join(';', _headers.Select(header => header.Key));
        var authorization = $"ACS3-HMAC-SHA256 Credential={BenchmarkWorld.KeyId},SignedHeaders={names},Signature={Acs3Signature.EmptyBody}";
        _headers.Add(new("authorization", authorization));
        _headers.Add(new("accept", "application/json"));
        _headers.Add(new("user-agent", "Ungroup/0.1.0"));
    }

    public async Task CallAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url);
        foreach (var (name, value) in _headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request);
        _ = await response.Content.ReadAsByteArrayAsync();
    }

    public void Dispose() => _http.Dispose();
}
