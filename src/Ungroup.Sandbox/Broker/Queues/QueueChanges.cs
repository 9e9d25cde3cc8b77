namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// The messages touched since the last commit, each once and in its latest state: a message that came and went within
/// one batch is never written, and a move between sub-queues is one row updated.
/// </summary>
internal sealed class QueueChanges
{
    private readonly HashSet<QueuedMessage> _messages = [];

    public IReadOnlyCollection<QueuedMessage> Messages => _messages;

    /// <summary>The ids of messages that are duplicates from now on, after <see cref="Forgotten"/> ones that no longer are.</summary>
    public List<SeenId> Seen { get; } = [];

    public List<string> Forgotten { get; } = [];

    public long NextSequence { get; set; } = 1;

    public bool IsEmpty => _messages.Count == 0 && Seen.Count == 0 && Forgotten.Count == 0;

    public void Touch(QueuedMessage message) => _messages.Add(message);

    public void Clear()
    {
        _messages.Clear();
        Seen.Clear();
        Forgotten.Clear();
    }
}
