using Ungroup.Ecs.Containment;

namespace Ungroup.Tests.Ecs.Containment;

public sealed class InterfaceStateTests
{
    private readonly InterfaceState _state = new();

    [Fact]
    public void A_whole_set_that_is_put_back_was_undone_once()
    {
        IsIsolated();
        Assert.True(_state.Look(["sg-a", "sg-b"]));
        Assert.False(_state.IsFoughtOver);

        IsIsolated();
        Assert.True(_state.Look(["sg-a", "sg-b"]));
        Assert.True(_state.IsFoughtOver);
    }

    private void IsIsolated()
    {
        _state.Joined("sg-iso");
        _state.Left("sg-a");
        _state.Left("sg-b");
        Assert.True(_state.Look(["sg-iso"]));
    }
}
