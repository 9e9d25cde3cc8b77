namespace Ungroup.Benchmarks.Calls;

/// <summary>A client at an endpoint: how many calls it makes in a round, and how it makes them.</summary>
internal sealed record Contender(string Client, string Server, int Calls, Func<int, int, Task<Sample>> TakeAsync)
{
    public Series Results { get; } = new();

    public async Task PlayAsync(int concurrency) => Results.Add(await TakeAsync(Calls, concurrency));
}
