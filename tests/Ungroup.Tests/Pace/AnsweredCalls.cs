using Ungroup.Pace;

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

    public static void RefuseOne(this Governor governor, DateTimeOffset at) => governor.Refused(at, null, at);
}
