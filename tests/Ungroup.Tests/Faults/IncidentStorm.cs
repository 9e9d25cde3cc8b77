using System.Text.RegularExpressions;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

/// <summary>Forty incidents at once, and a worker that brings each message back when it is told to, as a broker does.</summary>
internal sealed partial class IncidentStorm : IAsyncDisposable
{
    private const int Incidents = 40;
    private const int AtOnce = 16;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    private readonly HandlerBench _bench = new();
    private readonly Dictionary<string, Settlement> _ended = [];

    public IEnumerable<(string? Status, string? Code)> Ends => _ended.Values.Select(FaultBench.EndOf);

    public IEnumerable<string> Closings => _bench.Log.Warnings(501);

    public IReadOnlyList<SeenCall> Calls => _bench.Ecs.Calls;

    public TimeSpan Took => _bench.Clock.GetUtcNow() - Some.Now;

    /// <param name="bad">ECS, or something before it, answers so at first.</param>
    /// <param name="lasts">For how long.</param>
    /// <param name="alsoReads">Whether it answers reads as well.</param>
    public async Task RunAsync(ScriptedReply bad, TimeSpan lasts, bool alsoReads)
    {
        var until = Some.Now + lasts;
        _bench.Ecs.OnLeave(token => (_bench.Clock.GetUtcNow() < until ? bad : Replies.Ok)(token));
        _bench.Ecs.OnRead(token => (alsoReads && _bench.Clock.GetUtcNow() < until ? bad : StillAMember(_bench.Ecs.Calls[^1]))(token));

        var waiting = new PriorityQueue<Delivery, DateTimeOffset>(
            Enumerable.Range(0, Incidents).Select(number => (Message(number), Some.Now)));
        List<(Delivery Delivery, Task<Settlement> Work)> underWay = [];
        while (_ended.Count < Incidents)
        {
            Assert.True(Took < Longest, $"{Incidents - _ended.Count} incidents have not ended after {Longest}.");
            while (underWay.Count < AtOnce && waiting.TryPeek(out var next, out var due) && due <= _bench.Clock.GetUtcNow())
            {
                waiting.Dequeue();
                underWay.Add((next, _bench.BeginAlone(next)));
            }

            _bench.Clock.Advance(Step);
            for (var turn = 0; turn < 20; turn++)
            {
                await Task.Yield();
            }

            foreach (var done in underWay.Where(entry => entry.Work.IsCompleted).ToList())
            {
                underWay.Remove(done);
                Settle(done.Delivery, await done.Work, waiting);
            }
        }
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private void Settle(Delivery delivery, Settlement settlement, PriorityQueue<Delivery, DateTimeOffset> waiting)
    {
        if (settlement is not Settlement.Postpone postpone)
        {
            _ended.Add(delivery.MessageId, settlement);
            return;
        }

        var copy = PostponedCopy.Of(delivery, postpone);
        var comes = postpone.Until > _bench.Clock.GetUtcNow() ? postpone.Until : _bench.Clock.GetUtcNow();
        waiting.Enqueue(PostponedCopy.Restore(delivery with { MessageId = copy.MessageId, EnqueuedAt = comes, Properties = copy.Properties }), comes);
    }

    private static Delivery Message(int number) => Some.Delivery(
        $$"""{"requestId":"o-{{number}}","instanceId":"i-o{{number}}","securityGroupId":"sg-web","regionId":"cn-hangzhou","origin":"incident"}""", $"m-{number}");

    private static ScriptedReply StillAMember(SeenCall call) => Replies.Json(200, $$$"""
        {"RequestId":"REQ-READ","Instances":{"Instance":[{"InstanceId":"{{{Id().Match(Uri.UnescapeDataString(call.Url.Query)).Value}}}","Status":"Running",
         "SecurityGroupIds":{"SecurityGroupId":["sg-base","sg-web"]}}]}}
        """);

    [GeneratedRegex("i-o[0-9]+", RegexOptions.None, 1_000)]
    private static partial Regex Id();
}
