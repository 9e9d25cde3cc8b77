using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class SecretsTests
{
    private const int Bodies = 2_000;

    // A shorter piece is found in anything.
    private const int Telling = 8;

    [Fact]
    public async Task No_planted_secret_is_in_a_dead_letter_or_in_an_event()
    {
        await using var bench = new HandlerBench();
        var number = 0;

        await PlantedSecrets.All.SampleAsync(
            async planted =>
            {
                var settlement = await bench.HandleAsync(Some.Delivery(planted.Body, $"m-{Interlocked.Increment(ref number)}"));

                var letter = Assert.IsType<Settlement.DeadLetter>(settlement);
                Assert.InRange(letter.Description.Length, 1, 4_096);
                CheckFree(letter.Description, planted);
                CheckFree(Data(letter), planted);
            },
            iter: Bodies,
            threads: 1);
    }

    [Fact]
    public async Task A_message_that_is_no_request_is_dead_lettered_at_first_sight_with_what_it_looked_like()
    {
        await using var bench = new HandlerBench();

        var letter = Assert.IsType<Settlement.DeadLetter>(await bench.HandleAsync("""{"instanceId":"i-1","password":"hunter2","dryrun":true}"""));

        const string Shown = """{"instanceId":"i-1","password":[redacted],"dryrun":true}""";
        Assert.Equal("InvalidRequest", letter.Reason);
        Assert.EndsWith($" The body: {Shown}", letter.Description, StringComparison.Ordinal);
        using var told = JsonDocument.Parse(Assert.Single(bench.Bus.Published).Json);
        Assert.Equal(Shown, told.RootElement.GetProperty("data").GetProperty("excerpt").GetString());
        Assert.Empty(bench.Ecs.Calls);
    }

    [Fact]
    public void Long_bodies_cost_no_more_than_short_ones()
    {
        var bodies = new[] { "key key key ", "\\u0061", "eyJ.", "://", "-----BEGIN ", "\"token\":\"\\\"", "a1+/" }
            .Select(piece => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, (1024 * 1024 / piece.Length) + 1))));

        Assert.All(bodies, body =>
        {
            var began = Stopwatch.GetTimestamp();
            Assert.NotNull(Excerpt.Of(body));
            Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(2), Encoding.UTF8.GetString(body[..20]));
        });
    }

    // The account and the request id a sender names are the key of the event, and stay as they are.
    private static string Data(Settlement.DeadLetter letter)
    {
        using var document = JsonDocument.Parse(letter.Outcome!.Json);
        var data = document.RootElement.GetProperty("data");
        return $"{data.GetProperty("sentence").GetString()}\n{data.GetProperty("excerpt").GetString()}\n{letter.Outcome.Subject}";
    }

    private static void CheckFree(string text, (byte[] Body, string Secret) planted)
    {
        var secret = planted.Secret.Replace("-----BEGIN RSA PRIVATE KEY-----", "", StringComparison.Ordinal)
            .Replace("-----END RSA PRIVATE KEY-----", "", StringComparison.Ordinal);
        for (var at = 0; at + Telling <= secret.Length; at++)
        {
            Assert.False(
                text.Contains(secret.AsSpan(at, Telling), StringComparison.Ordinal),
                $"{secret[at..(at + Telling)]} of {secret} is in: {text}\nfrom {Encoding.UTF8.GetString(planted.Body)}");
        }
    }
}
