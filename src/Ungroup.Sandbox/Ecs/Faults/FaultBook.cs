using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>Hands out faults in file order, each as often as it says, to however many calls at once.</summary>
internal sealed class FaultBook
{
    private readonly Lock _gate = new();
    private readonly List<(Fault Fault, Countdown Countdown)> _entries = [];

    public void Add(Fault fault)
    {
        lock (_gate)
        {
            _entries.Add((fault, new Countdown(fault.Skip, fault.Times)));
        }
    }

    /// <summary>Takes one use of the first fault left for this call whose kind is wanted.</summary>
    public Fault? Take(EcsCall call, Func<string, bool> wanted) => Take(call.Action, call.Resources, wanted);

    /// <inheritdoc cref="Take(EcsCall, Func{string, bool})"/>
    public Fault? Take(string action, IReadOnlyCollection<string> resources, Func<string, bool> wanted)
    {
        lock (_gate)
        {
            foreach (var (fault, countdown) in _entries)
            {
                if (wanted(fault.Kind) && fault.Calls.Matches(action, resources) && countdown.Strikes())
                {
                    return fault;
                }
            }

            return null;
        }
    }

    /// <summary>In the order of the faults.</summary>
    public IReadOnlyList<Countdown> Countdowns
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries.Select(entry => entry.Countdown)];
            }
        }
    }

    public IReadOnlyList<(Fault Fault, int Left, int Skip)> Snapshot()
    {
        lock (_gate)
        {
            return [.. _entries.Select(entry => (entry.Fault, entry.Countdown.Left, entry.Countdown.Skip))];
        }
    }
}
