using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Sandbox.Tests.Ecs.Support;

/// <summary>A request that an official client sent, or that the documentation prints, byte for byte.</summary>
public sealed record SignatureVector(
    string Name, string KeyId, string Secret, string? Token, string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string Body, DateTimeOffset Date)
{
    public static IReadOnlyList<SignatureVector> All { get; } = Read();

    public bool IsV3 => Headers.Any(header => header.Name == "Authorization");

    public SignatureVector WithHeader(string name, string value) =>
        this with { Headers = [.. Headers.Where(header => header.Name != name), (name, value)] };

    public SignatureVector WithoutHeader(string name) => this with { Headers = [.. Headers.Where(header => header.Name != name)] };

    /// <summary>A simulator whose clock stands at the vector's date and whose world knows what the vectors name.</summary>
    public Task<EcsSimulator> StartAsync(TimeSpan late = default, string? secret = null)
    {
        var world = World.Parse(WorldJson.Replace("KEY", KeyId).Replace("SECRET", secret ?? Secret)
            .Replace("TOKEN", Token is null ? "" : $", \"securityToken\": \"{Token}\""), "vectors");
        return EcsSimulator.StartAsync(
            world, new SimulatorOptions { Clock = new FakeTimeProvider(Date + late) }, TestContext.Current.CancellationToken);
    }

    internal Task<Answer> SendAsync(EcsSimulator simulator) => RawHttp.SendAsync(simulator.Address, Method, Target, Headers, Body);

    public override string ToString() => Name;

    private static List<SignatureVector> Read()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "ecs-signature-vectors.json")));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray().Select(Of)];
    }

    private static SignatureVector Of(JsonElement json)
    {
        var (request, credentials) = (json.GetProperty("request"), json.GetProperty("credentials"));
        var isV3 = request.TryGetProperty("signedHeaders", out var signed);
        var body = request.GetProperty("body").GetString()!;
        List<(string, string)> headers = isV3
            ? [.. signed.EnumerateObject().Select(header => (header.Name, header.Value.GetString()!)), ("Authorization", json.GetProperty("authorization").GetString()!)]
            : [("host", request.GetProperty("host").GetString()!)];
        if (body.Length > 0)
        {
            headers.Add(("content-type", "application/x-www-form-urlencoded"));
        }

        var date = isV3 ? signed.GetProperty("x-acs-date").GetString()! : request.GetProperty("parameters").GetProperty("Timestamp").GetString()!;
        return new SignatureVector(
            json.GetProperty("name").GetString()!,
            credentials.GetProperty("accessKeyId").GetString()!,
            credentials.GetProperty("accessKeySecret").GetString()!,
            credentials.TryGetProperty("securityToken", out var token) ? token.GetString() : null,
            request.GetProperty("method").GetString()!,
            json.GetProperty("wireTarget").GetString()!,
            headers,
            body,
            DateTimeOffset.Parse(date, CultureInfo.InvariantCulture));
    }

    private const string WorldJson = """
        {
          "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "KEY", "accessKeySecret": "SECRET"TOKEN }],
          "regions": [
            { "regionId": "cn-shanghai" },
            {
              "regionId": "cn-hangzhou",
              "securityGroups": [
                { "securityGroupId": "sg-bp1bbbbbbbbbbbbbbbb1" }, { "securityGroupId": "sg-bp1keep0000000001" },
                { "securityGroupId": "sg-bp1isolation000001" }, { "securityGroupId": "sg-bp1group0001" },
                { "securityGroupId": "sg-bp1group0002" }, { "securityGroupId": "sg-bp1group0003" },
                { "securityGroupId": "sg-bp1group0004" }, { "securityGroupId": "sg-bp1group0005" },
                { "securityGroupId": "sg-bp1group0006" }, { "securityGroupId": "sg-bp1group0007" },
                { "securityGroupId": "sg-bp1group0008" }, { "securityGroupId": "sg-bp1group0009" },
                { "securityGroupId": "sg-bp1group0010" }
              ],
              "instances": [
                { "instanceId": "i-bp1aaaaaaaaaaaaaaaa1", "securityGroupIds": ["sg-bp1bbbbbbbbbbbbbbbb1", "sg-bp1keep0000000001"] }
              ],
              "networkInterfaces": [
                { "networkInterfaceId": "eni-bp1cccccccccccccccc1", "securityGroupIds": ["sg-bp1bbbbbbbbbbbbbbbb1", "sg-bp1keep0000000001"] }
              ]
            }
          ]
        }
        """;
}
