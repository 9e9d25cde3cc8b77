using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Ungroup.Messages;
using Ungroup.Tests.Contracts;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class HostileInputTests
{
    private const int Bodies = 10_000;

    private static readonly JsonObject Schema = JsonNode.Parse(ContractSchemas.Request())!["properties"]!.AsObject();

    [Fact]
    public async Task Whatever_the_body_it_is_a_request_by_the_schema_or_dead_lettered_with_a_sentence_and_no_call()
    {
        await using var bench = new HandlerBench();
        bench.Ecs.OnLeave(Replies.Ok).OnRead(Replies.NoInstance).On("DescribeNetworkInterfaces", Replies.Json(200, "{}"));
        var deadLettered = 0;
        var number = 0;

        await HostileBodies.All.SampleAsync(
            async body =>
            {
                // Each message has an id of its own, as on a queue.
                var delivery = Some.Delivery(body, $"m-{Interlocked.Increment(ref number)}");
                var callsBefore = bench.Ecs.Calls.Count;
                var settlement = await bench.HandleAsync(delivery);
                if (settlement is Settlement.DeadLetter letter)
                {
                    Assert.Equal(callsBefore, bench.Ecs.Calls.Count);
                    Interlocked.Increment(ref deadLettered);
                    CheckSentence(letter, body);
                }
                else
                {
                    Assert.True(LooksLikeARequest(body), $"Taken for a request: {Encoding.UTF8.GetString(body)}");
                }
            },
            iter: Bodies,
            threads: 1);

        Assert.InRange(deadLettered, Bodies / 2, Bodies);
    }

    private static void CheckSentence(Settlement.DeadLetter letter, byte[] body)
    {
        Assert.Equal("InvalidRequest", letter.Reason is "IdempotencyConflict" ? "InvalidRequest" : letter.Reason);
        Assert.DoesNotContain(letter.Description, char.IsControl);
        if (letter.Reason == "InvalidRequest")
        {
            Assert.True(
                letter.Description.Contains('`', StringComparison.Ordinal)
                || letter.Description.Contains("body", StringComparison.Ordinal)
                || letter.Description.Contains("member", StringComparison.Ordinal),
                $"No member is named: {letter.Description} for {Encoding.UTF8.GetString(body)}");
        }
    }

    /// <summary>The published schema, applied by other means than the reader's.</summary>
    private static bool LooksLikeARequest(byte[] body)
    {
        var root = JsonNode.Parse(body.AsSpan(body.AsSpan().StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? 3 : 0))!.AsObject();
        var request = root.ContainsKey("specversion") ? root["data"]!.AsObject() : root;
        return request.All(member => Schema[member.Key] is JsonObject rule && Allows(rule, member.Value))
            && request.ContainsKey("securityGroupId")
            && request.ContainsKey("instanceId") != request.ContainsKey("networkInterfaceId");
    }

    private static bool Allows(JsonObject rule, JsonNode? value) => value switch
    {
        null => false,
        _ when rule["enum"] is JsonArray allowed => allowed.Any(one => JsonNode.DeepEquals(one, value)),
        _ when rule["type"]!.GetValue<string>() == "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        _ when value.GetValueKind() != System.Text.Json.JsonValueKind.String => false,
        _ when rule["pattern"]?.GetValue<string>() is { } pattern =>
            Regex.IsMatch(value.GetValue<string>(), pattern, RegexOptions.None, TimeSpan.FromSeconds(1)),
        _ => true,
    };
}
