namespace Ungroup.Sandbox.Ecs;

/// <summary>Where the world that is at work came from.</summary>
public enum WorldPast
{
    /// <summary>Nothing was kept.</summary>
    None,

    /// <summary>It goes on from where earlier runs have left it.</summary>
    Continues,

    /// <summary>A world was kept, of a file that said something else about its regions.</summary>
    StartsOver,
}
