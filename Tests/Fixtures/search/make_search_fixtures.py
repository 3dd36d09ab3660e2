"""Writes predictions of scikit-learn's Gaussian processes, with which the Swift implementation is compared.

    pip install -r ../metrics/requirements.txt     # Python 3.11 and the versions in that file
    python3 make_search_fixtures.py                # rewrites gaussian_process.json beside this script

Each case has inputs, targets and parameters (log lengths, log variance, log noise variance). It also has the log
marginal likelihood of the standardised targets with its gradient and, for some points, the prediction without noise and
the expected improvement over the best target.
"""

import json
from pathlib import Path

import numpy as np
from scipy.stats import norm
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel


def case(name, random, count, coordinates):
    inputs = np.round(random.random((count, coordinates)), 4)
    targets = np.round(np.sin(5 * inputs).sum(axis=1) + 0.1 * random.standard_normal(count), 4)
    lengths = np.round(np.exp(random.normal(-0.7, 0.5, coordinates)), 4)
    variance, noise = round(float(np.exp(random.normal(0, 0.5))), 4), round(float(np.exp(random.normal(-4, 1))), 6)
    kernel = ConstantKernel(variance) * Matern(lengths, nu=2.5) + WhiteKernel(noise)
    process = GaussianProcessRegressor(kernel, alpha=1e-9, optimizer=None, normalize_y=True).fit(inputs, targets)
    # scikit-learn's order is variance, lengths, noise.
    order = [*range(1, coordinates + 1), 0, coordinates + 1]
    likelihood, gradient = process.log_marginal_likelihood(process.kernel_.theta, eval_gradient=True)
    points = np.round(random.random((4, coordinates)), 4)
    mean, deviation = process.predict(points, return_std=True)
    variances = deviation**2 - noise * (targets.std() or 1) ** 2
    spread = np.sqrt(variances)
    z = (mean - targets.max()) / spread
    return {
        "name": name,
        "inputs": inputs.tolist(),
        "targets": targets.tolist(),
        "parameters": process.kernel_.theta[order].tolist(),
        "log_likelihood": likelihood,
        "gradient": gradient[order].tolist(),
        "points": points.tolist(),
        "means": mean.tolist(),
        "variances": variances.tolist(),
        "improvements": ((mean - targets.max()) * norm.cdf(z) + spread * norm.pdf(z)).tolist(),
    }


random = np.random.default_rng(20)
cases = [
    case("one observation", random, 1, 2),
    case("one coordinate", random, 6, 1),
    case("two coordinates", random, 12, 2),
    case("four coordinates", random, 20, 4),
]
Path(__file__).with_name("gaussian_process.json").write_text(json.dumps(cases, indent=1) + "\n")
