using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Denials;

/// <summary>The denials that hold now. They last until they are lifted, as policies do.</summary>
internal sealed class DenialBook(IEnumerable<Denial> denials)
{
    private readonly Lock _gate = new();
    private Denial[] _denials = [.. denials];

    public int Count => _denials.Length;

    public EcsError? Of(EcsCall call, string? region) =>
        Array.Find(_denials, denial => denial.IsAbout(call, region))?.Error;

    public void Set(Denial denial, bool lifted)
    {
        lock (_gate)
        {
            _denials = [.. _denials.Where(other => other != denial), .. lifted ? Array.Empty<Denial>() : [denial]];
        }
    }
}
