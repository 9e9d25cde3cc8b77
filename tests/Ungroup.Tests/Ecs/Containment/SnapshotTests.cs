namespace Ungroup.Tests.Ecs.Containment;

public sealed class SnapshotTests
{
    private const int TriesOfADelivery = 3;

    /// <summary>Its first calls did not leave the machine, and somebody else had a turn before its next delivery.</summary>
    [Fact]
    public async Task A_contain_that_has_not_begun_writes_down_anew_what_it_finds()
    {
        await using var bench = new ContainBench();
        bench.World.Host("i-1", "sg-a", "sg-b");
        var tries = 0;
        bench.World.Before = call =>
        {
            if (call.Action == "JoinSecurityGroup" && ++tries <= TriesOfADelivery)
            {
                bench.World["i-1"].Groups.Remove("sg-a");
                throw new HttpRequestException(HttpRequestError.NameResolutionError, "No such host.");
            }
        };

        var contained = await bench.ContainAsync("i-1");
        await bench.RestoreAsync();

        Assert.Equal("Contained", contained.GetProperty("status").GetString());
        Assert.Equal(["sg-b"], contained.GetProperty("interfaces")[0].GetProperty("groupsBefore").EnumerateArray().Select(group => group.GetString()!));
        Assert.Equal(["sg-b"], bench.World.Of("i-1"));
    }
}
