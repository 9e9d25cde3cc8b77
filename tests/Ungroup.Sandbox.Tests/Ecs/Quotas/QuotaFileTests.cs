using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs.Quotas;

public sealed class QuotaFileTests
{
    private const string What = "the quota of LeaveSecurityGroup";

    [Theory]
    [InlineData("\"burst\": 0", 2, $"`burst` of {What} was `0`; expected a whole number from 1 to 2147483647.")]
    [InlineData("\"burst\": 5, \"offsetSeconds\": 17", 2, $"{What} has `burst` and `offsetSeconds`; a bucket has no windows that could begin later.")]
    [InlineData("\"offsetSeconds\": 60", 2, $"`offsetSeconds` of {What} was `60`; expected less than `perSeconds`, 60.")]
    [InlineData("\"offsetSeconds\": -1", 2, $"`offsetSeconds` of {What} was `-1`; expected a number of seconds, 0 or more.")]
    [InlineData("\"hints\": \"soon\"", 2,
        $"`hints` of {What} was `soon`; expected one of true, false, ratelimit, wrong, garbage, zero, negative, too-long, too-short.")]
    [InlineData("\"hints\": \"true\"", 2, $"`hints` of {What} was `true`; expected one of true, false,")]
    [InlineData("\"hints\": 1", 2, $"`hints` of {What} was `1`; expected one of true, false,")]
    [InlineData("\"refusedCallsCount\": \"yes\"", 2, $"`refusedCallsCount` of {What} was `yes`; expected true or false.")]
    [InlineData("\"others\": 0.2", 2, $"`others` of {What} was `0.2`; expected an object.")]
    [InlineData("\"others\": {\n}", 2, $"`others` of {What} needs `share`.")]
    [InlineData("\"others\": {\n\"share\": 20 }", 3, $"`share` of `others` of {What} was `20`; expected a number from 0 to 10, such as 0.2 for a fifth.")]
    [InlineData("\"others\": {\n\"share\": -0.1 }", 3, $"`share` of `others` of {What} was `-0.1`; expected a number from 0 to 10,")]
    [InlineData("\"others\": { \"share\": 0.2,\n\"seeds\": 3 }", 3, $"`others` of {What} has no member `seeds`; it may have share, seed.")]
    [InlineData("\"steps\": [{ \"afterSeconds\": 1, \"calls\": 2000000 }], \"others\": {\n\"share\": 1 }", 3,
        $"`share` of `others` of {What} makes 33333 calls a second; expected 10000 at most.")]
    [InlineData("\"steps\": [{ \"afterSeconds\": 0, \"calls\": 1 }]", 2, $"`afterSeconds` of a step of {What} was `0`; expected more than 0.")]
    [InlineData("\"steps\": [{ \"afterSeconds\": 30, \"calls\": 1 },\n{ \"afterSeconds\": 30, \"calls\": 2 }]", 3,
        $"`afterSeconds` of a step of {What} was `30`; expected more than 30.")]
    [InlineData("\"steps\": [\n{ \"afterSeconds\": 30 }]", 3, $"a step of {What} needs `calls`.")]
    [InlineData("\"steps\": [{ \"afterSeconds\": 30, \"calls\": 1,\n\"burst\": 4 }]", 3,
        $"a step of {What} has `burst`, but the quota has none and so is no bucket.")]
    [InlineData("\"steps\": [{ \"afterSeconds\": 30, \"calls\": 1,\n\"perSeconds\": 4 }]", 3,
        $"a step of {What} has no member `perSeconds`; it may have afterSeconds, calls, burst.")]
    [InlineData("\"brust\": 5", 2,
        $"{What} has no member `brust`; it may have action, calls, perSeconds, account, regionId, burst, hints, refusedCallsCount, offsetSeconds, steps, others.")]
    public void What_cannot_be_is_refused_with_its_line_and_what_was_expected(string members, int line, string sentence)
    {
        var world = $$"""
            { "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }], "quotas": [
              { "action": "LeaveSecurityGroup", "calls": 100, "perSeconds": 60, {{members}} }] }
            """;

        var refusal = Assert.Throws<WorldFileException>(() => World.Parse(world, "world.json"));

        Assert.StartsWith($"world.json({line}): {sentence}", refusal.Message);
    }

    [Theory]
    [InlineData("\"offsetSeconds\": 2.01", 2_010)]
    [InlineData("\"offsetSeconds\": 17", 17_000)]
    [InlineData("\"burst\": 100", 600)]
    [InlineData("\"steps\": [{ \"afterSeconds\": 2.01, \"calls\": 101 }]", 2_010)]
    [InlineData("\"burst\": 100, \"steps\": [{ \"afterSeconds\": 0.1, \"calls\": 1000 }]", 150)]
    public void A_quota_is_counted_as_the_file_says_to_the_tick(string members, int servedAfter)
    {
        var world = Some.World(quotas: $$"""{ "action": "LeaveSecurityGroup", "calls": 100, "perSeconds": 60, {{members}} }""");
        world.Start(new FakeTimeProvider(Sim.Noon));
        bool IsServed(long ticks) => world.Quotas.Count("default", "r1", "LeaveSecurityGroup", Sim.Noon.AddTicks(ticks)) is null;

        Assert.Equal(100, Enumerable.Range(0, 200).Count(_ => IsServed(0)));
        Assert.False(IsServed((servedAfter * TimeSpan.TicksPerMillisecond) - 1));

        Assert.True(IsServed(servedAfter * TimeSpan.TicksPerMillisecond));
    }
}
