using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>People ask any process for something about a job: where no answer comes, most ask again.</summary>
internal sealed class Conversations(World world, Chance chance)
{
    public void Ask(string who, JobKey job, Func<JobParts, Task<string>> askAsync, Action? ended = null, int mostTries = int.MaxValue)
    {
        var (isAnswered, tries) = (false, 0);
        Try();

        void Try()
        {
            if (isAnswered)
            {
                return;
            }

            if (++tries > mostTries)
            {
                world.History.Add(who, new Happening.Note($"asks no more about {job}"));
                ended?.Invoke();
                return;
            }

            world.Schedule.After(chance.Seconds(20, 60), Try);
            if (world.Fleet.Any()?.Jobs is { } jobs)
            {
                _ = TryAsync(jobs);
            }
        }

        async Task TryAsync(JobParts jobs)
        {
            CurrentWork.Of = new(null, default);
            try
            {
                var answer = await askAsync(jobs);
                world.History.Add(who, new Happening.JobAnswered(job, answer));
                if (!isAnswered && tries <= mostTries)
                {
                    isAnswered = true;
                    ended?.Invoke();
                }
            }
            catch (Exception problem) when (problem is LedgerUnavailableException or TimeoutException)
            {
                // Nobody knows whether it was done.
            }
            catch (Exception defect)
            {
                world.History.Add(who, new Happening.Threw(null, defect));
            }
        }
    }
}
