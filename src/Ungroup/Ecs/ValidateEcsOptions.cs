using Microsoft.Extensions.Options;

namespace Ungroup.Ecs;

[OptionsValidator]
internal sealed partial class ValidateEcsOptions : IValidateOptions<EcsOptions>;

internal sealed class EcsOptionsFit : IValidateOptions<EcsOptions>
{
    public ValidateOptionsResult Validate(string? name, EcsOptions options)
    {
        List<string> problems = [];
        if (options.Endpoint is { } endpoint && Endpoint.Parse(endpoint) is null)
        {
            problems.Add($"Ecs:Endpoint is '{endpoint}'; expected a host such as ecs.cn-hangzhou.aliyuncs.com, or a URL without a path.");
        }

        Ordered(nameof(options.ShortestBackoff), options.ShortestBackoff, nameof(options.LongestBackoff), options.LongestBackoff);
        Ordered(nameof(options.FirstPostponement), options.FirstPostponement, nameof(options.LongestPostponement), options.LongestPostponement);
        Ordered(nameof(options.FirstStateWait), options.FirstStateWait, nameof(options.LongestStateWait), options.LongestStateWait);
        Ordered(nameof(options.FirstCircuitPause), options.FirstCircuitPause, nameof(options.LongestCircuitPause), options.LongestCircuitPause);
        Ordered(nameof(options.FirstCircuitPause), options.FirstCircuitPause, nameof(options.LongestOutagePause), options.LongestOutagePause);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Ordered(string shorter, TimeSpan least, string longer, TimeSpan most)
        {
            if (least > most)
            {
                problems.Add($"Ecs:{shorter} is {least}; it must not be longer than Ecs:{longer}, which is {most}.");
            }
        }
    }
}
