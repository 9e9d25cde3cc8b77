namespace Ungroup.FunctionsHost.Worker;

/// <summary>How a worker process fared.</summary>
/// <param name="WasReady">Whether it came as far as taking work.</param>
/// <param name="End">What ended it.</param>
/// <param name="LastWords">What it wrote last, a line each, ready to be appended to a sentence.</param>
internal sealed record WorkerLife(bool WasReady, string End, string LastWords);

/// <summary>The last lines of a process: where it fails, they say why.</summary>
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
