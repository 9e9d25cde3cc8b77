using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;

namespace Ungroup.Tests.Pace;

/// <summary>Calls that a governor gave a turn to, and their answers in the same instant.</summary>
internal static class AnsweredCalls
{
    public static Governor NewGovernor(PaceOptions? options = null) => new(PaceWorld.Key, options ?? new(), () => 0.5);

    public static void Pass(this Governor governor, DateTimeOffset at, int calls)
    {
        for (var call = 0; call < calls; call++)
        {
            governor.Passed(at, isAnswered: true, at);
        }
    }

    /// <summary>A call that passes, where there is a turn for it.</summary>
    public static void TryCall(this Governor governor, DateTimeOffset at)
    {
        if (governor.TryTake(Origin.Upstream, at, out _))
        {
            governor.Pass(at, 1);
        }
    }

    public static void RefuseOne(this Governor governor, DateTimeOffset at) => governor.Refused(at, null, at);
}
