namespace Ungroup.Circuits;

/// <summary>One closing of a circuit: until when, why, who was refused, and who waits. Not safe for several threads.</summary>
internal sealed class Closing(Refusal refusal, DateTimeOffset until, DateTimeOffset othersFrom)
{
    /// <summary>
    /// A request that was not refused itself waits no longer than this before it may try. It is new evidence, and its own refusal
    /// would be the first; the pauses that grow are for those that were refused.
    /// </summary>
    public static readonly TimeSpan LongestForOthers = TimeSpan.FromSeconds(30);

    // How long those who come second leave the place to somebody better who is known to wait.
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(5);

    // Of many who wait, so many a second come back: a long queue must not go round and round for nothing.
    private const double ReturnsPerSecond = 50;
    private const int MostRemembered = 256;

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private DateTimeOffset _until = until;
    private bool _othersWait;
    private bool _incidentsWait;
    private int _waiting;

    public Refusal Refusal => refusal;

    public DateTimeOffset Until => _until;

    /// <summary>Whether an operator has been told of it by another circuit.</summary>
    public bool IsQuiet { get; init; }

    public void Remember(string resource)
    {
        if (_refused.Count < MostRemembered)
        {
            _refused.Add(resource);
        }
    }

    /// <summary>When this call may try whether the circuit can open: another resource before those that were refused, an incident first.</summary>
    /// <param name="call">The call.</param>
    /// <param name="isProbe">Whether it is about to try a narrower circuit, and so is no better evidence than those that were refused.</param>
    public DateTimeOffset From(in CircuitCall call, bool isProbe)
    {
        var from = IsSecond(call, isProbe) ? _until + (_othersWait ? Courtesy : TimeSpan.Zero) : othersFrom;
        return from + (_incidentsWait && !call.IsIncident ? Courtesy : TimeSpan.Zero);
    }

    /// <summary>It waits, and is expected back; those who come back to a place that is taken are told once more.</summary>
    /// <returns>By how much later than its turn it should come, so that not all come at once.</returns>
    public TimeSpan Wait(in CircuitCall call, bool isProbe)
    {
        _othersWait |= !IsSecond(call, isProbe);
        _incidentsWait |= call.IsIncident && !IsSecond(call, isProbe);
        return call.IsIncident ? TimeSpan.Zero : TimeSpan.FromSeconds(++_waiting / ReturnsPerSecond);
    }

    public void Extend(DateTimeOffset until) => _until = until > _until ? until : _until;

    public bool WasRefused(string resource) => _refused.Contains(resource);

    private bool IsSecond(in CircuitCall call, bool isProbe) => isProbe || WasRefused(call.Resource);
}
