#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

// Distribution functions of Boost.Math behind a C interface. Outside its domain, and where it does not converge, a
// function gives NaN; none throws and none sets errno. Survival functions are exact where 1 - cdf would be 0.

#ifdef __cplusplus
extern "C" {
#endif

double cbm_normal_cdf(double x);
double cbm_normal_sf(double x);
double cbm_normal_quantile(double p);
/// The value that is exceeded with probability q.
double cbm_normal_upper_quantile(double q);

double cbm_t_cdf(double x, double df);
double cbm_t_sf(double x, double df);
double cbm_t_quantile(double p, double df);
double cbm_t_upper_quantile(double q, double df);

double cbm_chi2_cdf(double x, double df);
double cbm_chi2_sf(double x, double df);
double cbm_chi2_quantile(double p, double df);
double cbm_chi2_upper_quantile(double q, double df);

double cbm_beta_cdf(double x, double a, double b);
double cbm_beta_sf(double x, double a, double b);
double cbm_beta_quantile(double p, double a, double b);

double cbm_f_cdf(double x, double df1, double df2);
double cbm_f_sf(double x, double df1, double df2);

/// Accurate to about 1e-15 absolutely; the far lower tail has no relative accuracy.
double cbm_nct_cdf(double x, double df, double delta);
double cbm_nct_sf(double x, double df, double delta);

double cbm_log_gamma(double x);

#ifdef __cplusplus
}
#endif

#endif
