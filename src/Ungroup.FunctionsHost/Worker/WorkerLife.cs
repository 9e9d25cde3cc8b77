namespace Ungroup.FunctionsHost.Worker;

/// <param name="WasReady">It came as far as taking work.</param>
/// <param name="End">How it ended.</param>
/// <param name="LastWords">Its last lines, ready to be appended to a sentence.</param>
internal sealed record WorkerLife(bool WasReady, string End, string LastWords);

internal sealed class LastWords
{
    private const int Most = 12;

    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lines)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Most)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lines)
        {
            return string.Concat(_lines.Select(line => $"{Environment.NewLine}  {line}"));
        }
    }
}
