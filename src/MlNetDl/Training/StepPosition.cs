namespace MlNetDl.Training;

/// <summary>Where a step stands in its training, and the learning rate there.</summary>
/// <param name="Epoch">The epoch, counted from 0.</param>
/// <param name="Step">Batches drawn before this step in all epochs. A step that draws several batches advances it by as
/// many.</param>
/// <param name="Steps">Batches of all epochs together.</param>
/// <param name="LearningRateFactor">The schedule's factor on the optimisers' learning rates.</param>
public readonly record struct StepPosition(int Epoch, long Step, long Steps, double LearningRateFactor);
