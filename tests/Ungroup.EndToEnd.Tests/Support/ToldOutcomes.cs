using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Ungroup.Cli.Sandbox;

namespace Ungroup.EndToEnd.Tests.Support;

/// <summary>
/// Everything that is told to the subscription that has all outcomes, by the id of the event. It attaches again when the broker comes back, and
/// an event whose receipt that broker did not write down then comes again.
/// </summary>
internal sealed class ToldOutcomes : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<JsonNode>> _told = new();
    private readonly ConcurrentQueue<string> _texts = new();
    private readonly Task<OutcomeSubscriber> _subscriber;

    public ToldOutcomes(string bus) => _subscriber = OutcomeSubscriber.StartAsync(
        bus,
        message =>
        {
            _texts.Enqueue(Encoding.UTF8.GetString(message.Body));
            var told = JsonNode.Parse(message.Body)!;
            var first = new ConcurrentQueue<JsonNode>([told]);
            if (_told.GetOrAdd(message.MessageId, first) is var known && known != first)
            {
                known.Enqueue(told);
            }
        });

    /// <summary>How many different events were told.</summary>
    public int Count => _told.Count;

    /// <summary>How many were told once more than needed.</summary>
    public int Again => _told.Values.Sum(told => told.Count) - _told.Count;

    /// <summary>Each event once, after a check that it said the same every time.</summary>
    public IReadOnlyList<JsonNode> Each()
    {
        Assert.All(_told.Values, told => Assert.All(told, next => Assert.True(JsonNode.DeepEquals(told.First(), next), $"{told.First()}\n{next}")));
        return [.. _told.Values.Select(told => told.First())];
    }

    /// <summary>The events as they came over the wire.</summary>
    public IReadOnlyCollection<string> Texts() => _texts;

    public async ValueTask DisposeAsync() => await (await _subscriber).DisposeAsync();
}
